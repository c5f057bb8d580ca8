@echo off
rem Runs dnd4j from anywhere. Your plugins are looked for in the folder DND4J_PLUGINS, or else in plugins\ beside bin\.
setlocal
for %%I in ("%~dp0..") do set "root=%%~fI"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if not defined DND4J_PLUGINS set "DND4J_PLUGINS=%root%\plugins"
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
if not defined TORCH_CPP_LOG_LEVEL set "TORCH_CPP_LOG_LEVEL=ERROR"
"%java%" -XX:+UseSerialGC -XX:-UsePerfData "-Ddnd4j.home=%root%" "-Ddnd4j.plugins=%DND4J_PLUGINS%" %DND4J_JAVA_OPTIONS% -jar "%root%\program\dnd4j.jar" %*
